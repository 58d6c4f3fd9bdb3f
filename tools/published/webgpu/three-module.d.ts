/** As much of three.js as the page uses. */
declare module 'three/webgpu' {
  export class Scene {
    add(object: Mesh): void;
  }
  export class PerspectiveCamera {
    constructor(fov: number, aspect: number);
    position: { z: number };
  }
  export class BoxGeometry {
    attributes: { position: object };
  }
  export class MeshBasicNodeMaterial {
    readonly isMaterial: true;
  }
  export class Mesh {
    constructor(geometry: BoxGeometry, material: MeshBasicNodeMaterial);
    rotation: { x: number };
  }
  export class WebGPURenderer {
    constructor(options: { canvas: HTMLCanvasElement });
    backend: { device: GPUDevice; get(attribute: object): { buffer: GPUBuffer } };
    init(): Promise<void>;
    render(scene: Scene, camera: PerspectiveCamera): void;
  }
}
