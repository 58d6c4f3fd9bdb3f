#!/usr/bin/env node
/**
 * The GPU page: `npm run gpu`. It says where to look; the page is in a browser that has WebGPU.
 */
import { serveGpuPage } from './server.js';

const { url } = await serveGpuPage(Number(process.env['PORT'] ?? 0));
console.log(`open ${url} in a browser that has WebGPU; Ctrl+C stops it`);
