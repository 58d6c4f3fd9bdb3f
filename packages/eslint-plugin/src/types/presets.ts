import type { ResourceRows } from './resource-row.js';

/** Frames and bitmaps of WebCodecs, and the two libraries that most write video with. */
const webcodecs: ResourceRows = [
  {
    name: 'VideoFrame',
    from: 'lib',
    release: ['close'],
    share: ['clone'],
    idempotentRelease: true,
    takes: [
      'MediaStreamTrackGenerator.write',
      'WritableStreamDefaultWriter.write',
      'VideoSample.constructor',
    ],
    gives: ['VideoDecoderInit.output#0', 'Transformer.transform#0', 'UnderlyingSink.write#0'],
  },
  {
    name: 'AudioData',
    from: 'lib',
    release: ['close'],
    share: ['clone'],
    idempotentRelease: true,
    takes: ['AudioSample.constructor'],
    gives: ['AudioDecoderInit.output#0', 'Transformer.transform#0', 'UnderlyingSink.write#0'],
  },
  {
    name: 'ImageBitmap',
    from: 'lib',
    release: ['close'],
    idempotentRelease: true,
    gives: ['createImageBitmap', 'OffscreenCanvas.transferToImageBitmap'],
    takes: ['ImageBitmapRenderingContext.transferFromImageBitmap'],
  },
  {
    name: 'VideoSample',
    from: { package: 'mediabunny' },
    release: ['close'],
    share: ['clone'],
    idempotentRelease: true,
    gives: ['VideoSampleSink.samples', 'VideoSampleSink.samplesAtTimestamps', 'VideoSample.toVideoFrame'],
  },
  {
    name: 'AudioSample',
    from: { package: 'mediabunny' },
    release: ['close'],
    share: ['clone'],
    idempotentRelease: true,
    gives: ['AudioSampleSink.samples', 'AudioSampleSink.samplesAtTimestamps', 'AudioSample.toAudioData'],
  },
];

/** What a WebGPU program destroys by itself rather than leave to the garbage collector. */
const webgpu: ResourceRows = ['GPUBuffer', 'GPUTexture', 'GPUQuerySet'].map((name) => ({
  name,
  from: 'lib',
  release: ['destroy'],
  idempotentRelease: true,
  // The canvas gives the same texture to everybody who asks in one frame, and takes it back itself.
  lends: ['GPUCanvasContext.getCurrentTexture'],
  gives: ['GPUDevice.createBuffer', 'GPUDevice.createTexture', 'GPUDevice.createQuerySet'],
}));

/** Handles of files, and clients that come from a pool. */
const node: ResourceRows = [
  {
    name: 'FileHandle',
    from: { package: ['@types/node', 'node:fs/promises', 'node:fs'] },
    release: ['close'],
    awaitRelease: true,
    idempotentRelease: true,
    gives: ['open'],
    // Their streams close the handle when they end.
    takes: [
      'FileHandle.createReadStream#this',
      'FileHandle.createWriteStream#this',
      'FileHandle.readLines#this',
      'FileHandle.readableWebStream#this',
    ],
  },
  {
    name: 'Dir',
    from: { package: ['@types/node', 'node:fs/promises', 'node:fs'] },
    release: ['close', 'closeSync'],
    awaitRelease: true,
    gives: ['opendir', 'opendirSync'],
    usableAfterRelease: ['path'],
  },
  { name: 'PoolClient', from: { package: ['pg', 'pg-pool'] }, release: ['release'] },
  {
    name: 'PoolConnection',
    from: { package: ['mysql2', 'mysql', 'mariadb'] },
    release: ['release', 'destroy'],
  },
];

/** Tensors of TensorFlow.js: released by name, or with the `tidy` around them. */
const tensorflow: ResourceRows = [
  {
    name: 'Tensor',
    from: { package: ['@tensorflow/tfjs-core', '@tensorflow/tfjs', '@tensorflow/tfjs-node'] },
    release: ['dispose'],
    share: ['clone'],
    idempotentRelease: true,
    usableAfterRelease: ['print', 'toString'],
    lends: ['keep', 'LayersModel.getWeights', 'LayerVariable.read', 'Tensor.throwIfDisposed'],
    takes: ['dispose', 'keep', 'variable'],
    arenas: ['tidy', 'Environment.tidy', 'Engine.tidy'],
  },
];

/** Sessions and tensors of ONNX Runtime. */
const onnxruntime: ResourceRows = [
  {
    name: 'InferenceSession',
    from: { package: ['onnxruntime-common', 'onnxruntime-web', 'onnxruntime-node'] },
    release: ['release'],
    awaitRelease: true,
  },
  {
    name: 'Tensor',
    from: { package: ['onnxruntime-common', 'onnxruntime-web', 'onnxruntime-node'] },
    release: ['dispose'],
    idempotentRelease: true,
  },
];

const openCvPackages = ['@techstark/opencv-js', 'opencv-ts', 'mirada', '@types/opencv-js'];

/** What OpenCV.js keeps outside of the garbage collector's reach. */
const opencv: ResourceRows = [
  'Mat',
  'MatVector',
  'RectVector',
  'KeyPointVector',
  'DMatchVector',
  'DMatchVectorVector',
  'CascadeClassifier',
  'ORB',
  'BFMatcher',
  'CLAHE',
].map((name) => ({
  name,
  from: { package: openCvPackages },
  release: ['delete'],
  share: ['clone'],
  usableAfterRelease: ['isDeleted'],
}));

/** Classes that wasm-bindgen wrote: whatever has a `free()` in the folder that wasm-pack writes. */
const wasmBindgen: ResourceRows = [
  { name: '*', from: { file: 'pkg/*.d.ts' }, release: ['free', '[Symbol.dispose]'] },
];

/** Every class of yours or of a package that can be declared with `using`. */
const disposable: ResourceRows = [
  { name: 'Disposable', from: 'lib', release: ['[Symbol.dispose]'] },
  { name: 'AsyncDisposable', from: 'lib', release: ['[Symbol.asyncDispose]'], awaitRelease: true },
];

/**
 * The name of a preset.
 *
 * @example Take several at once
 * ```ts
 * import dmaFence, { type ResourcePreset } from '@dma-fence/eslint-plugin';
 *
 * const names: ResourcePreset[] = ['webcodecs', 'webgpu'];
 * names.flatMap((name) => dmaFence.resources[name]).length > 5; // true
 * ```
 */
export type ResourcePreset =
  'webcodecs' | 'webgpu' | 'node' | 'tensorflow' | 'onnxruntime' | 'opencv' | 'wasm-bindgen' | 'disposable';

/** The rows that ship with the plugin, by what they are for. */
export const presets: Readonly<Record<ResourcePreset, ResourceRows>> = {
  webcodecs,
  webgpu,
  node,
  tensorflow,
  onnxruntime,
  opencv,
  'wasm-bindgen': wasmBindgen,
  disposable,
};
