import { FramePacer, GpuQueue } from '@dma-fence/webgpu';
import {
  BoxGeometry,
  Mesh,
  MeshBasicNodeMaterial,
  PerspectiveCamera,
  Scene,
  WebGPURenderer,
} from 'three/webgpu';

/** three.js as it is, under `adopt()`: each frame has fences, and the frame in which a buffer was destroyed fails, no other. */
const canvas = document.createElement('canvas');
document.body.append(canvas);
const renderer = new WebGPURenderer({ canvas });
await renderer.init();
const { device } = renderer.backend;
const uncaptured: string[] = [];
device.addEventListener('uncapturederror', (event) => {
  event.preventDefault();
  uncaptured.push(event.error.message);
});

const queue = new GpuQueue(device, { name: 'three' });
queue.adopt();
const pacer = new FramePacer(queue);
const [scene, camera] = [new Scene(), new PerspectiveCamera(50, 1)];
camera.position.z = 3;

const BROKEN = 20;
const frames: string[][] = [];
let geometry = new BoxGeometry();
let mesh = new Mesh(geometry, new MeshBasicNodeMaterial());
scene.add(mesh);
for (let frame = 1; frame <= 39; frame++) {
  await pacer.wait({ timeoutMs: 300_000 });
  mesh.rotation.x += 0.1;
  if (frame === BROKEN) renderer.backend.get(geometry.attributes.position).buffer.destroy();
  if (frame === BROKEN + 1) {
    (scene as unknown as { remove(object: Mesh): void }).remove(mesh);
    geometry = new BoxGeometry();
    mesh = new Mesh(geometry, new MeshBasicNodeMaterial());
    scene.add(mesh);
  }
  const first = queue.submitted + 1;
  const seen: string[] = [];
  frames.push(seen);
  // Whatever three.js submits in this frame, and how often: every submit is asked for by its number.
  const native = device.queue.submit.bind(device.queue);
  device.queue.submit = (buffers) => {
    const fence = queue.upcoming();
    fence.addCallback(({ error, status }) => seen.push(error?.message ?? status));
    native(buffers);
    fence.put();
  };
  renderer.render(scene, camera);
  device.queue.submit = native;
  pacer.track();
  if (queue.submitted < first) throw new Error('nothing was submitted');
  await new Promise(requestAnimationFrame);
}
const last = queue.mark();
await last.wait({ timeoutMs: 300_000 });
await fetch('/report', {
  method: 'POST',
  body: JSON.stringify({ frames, uncaptured, submitted: queue.submitted }),
});
