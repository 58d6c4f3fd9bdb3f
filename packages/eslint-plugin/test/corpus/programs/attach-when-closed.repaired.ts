import { DmaFenceContext, type DmaFence, type Owned } from '@dma-fence/core';

interface Track {
  readonly title: string;
  readonly buffered: DmaFence;
}

export class Playlist {
  readonly #tracks: Track[] = [];
  #closed = false;
  skipped = 0;

  /** Takes `buffered` over, also when the playlist is closed. */
  attach(title: string, buffered: Owned<DmaFence>): void {
    if (this.#closed) {
      console.log(`${title} comes too late`);
      buffered.put();
      return;
    }
    this.#tracks.push({ title, buffered });
  }

  async playNext(): Promise<string | undefined> {
    const track = this.#tracks.shift();
    if (!track) return undefined;
    try {
      await track.buffered.wait({ timeoutMs: 100 });
      return track.title;
    } catch {
      this.skipped++;
      return await this.playNext();
    } finally {
      track.buffered.put();
    }
  }

  close(): void {
    this.#closed = true;
    for (const { buffered } of this.#tracks.splice(0)) buffered.put();
  }
}
