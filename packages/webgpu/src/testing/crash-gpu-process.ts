/**
 * What `crashGpuProcess` needs of a Playwright page: a way to its browser.
 *
 * @example Playwright has it
 * ```ts
 * import type { BrowserPage } from '@dma-fence/webgpu/testing';
 *
 * const hasBrowser = (page: BrowserPage): boolean => page.context().browser() !== null;
 * ```
 */
export interface BrowserPage {
  /** The context of the page; its browser opens a session of the DevTools protocol. */
  context(): {
    browser(): {
      newBrowserCDPSession(): Promise<{
        send(method: 'Browser.crashGpuProcess'): Promise<unknown>;
        detach(): Promise<void>;
      }>;
    } | null;
  };
}

/**
 * Crashes the GPU process of Chromium: the loss of a device as users meet it. `device.lost` resolves, and, against the specification,
 * `onSubmittedWorkDone()` and `popErrorScope()` reject.
 *
 * Start the browser with `--disable-gpu-process-crash-limit`. After two crashes a browser has no adapter any more.
 *
 * @param page of Playwright, in Chromium.
 *
 * @example Everything that was pending ends
 * ```ts
 * import { crashGpuProcess, type BrowserPage } from '@dma-fence/webgpu/testing';
 *
 * async function lose(page: BrowserPage): Promise<void> {
 *   await crashGpuProcess(page);
 * }
 * ```
 */
export async function crashGpuProcess(page: BrowserPage): Promise<void> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('crashGpuProcess(): this page has no browser of its own');
  const session = await browser.newBrowserCDPSession();
  // The protocol does not answer this one in every version; the crash happens all the same.
  await session.send('Browser.crashGpuProcess').catch(() => undefined);
  await session.detach().catch(() => undefined);
}
