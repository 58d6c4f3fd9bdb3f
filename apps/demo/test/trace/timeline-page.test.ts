import { describe, expect, it } from 'vitest';
import { timelinePage } from '../../src/trace/timeline-page.ts';
import { recordingOf } from '../support/recording.ts';

describe('timelinePage', () => {
  it('needs nothing but itself: no address leads out of it', async () => {
    const page = await timelinePage(recordingOf([{ queued: 0, label: 'a' }]));
    const outside = [...page.matchAll(/(?:src|href)\s*=\s*"([^"]*)"|url\(([^)]*)\)/g)].map(
      ([, link, url]) => link ?? url,
    );
    expect(outside.filter((address) => address?.startsWith('data:') !== true)).toEqual([]);
    expect(page).not.toMatch(/https?:(?!\/\/www\.w3\.org)/);
    const [, imports = '{}'] = /<script type="importmap">(.*?)<\/script>/s.exec(page) ?? [];
    const map = (JSON.parse(imports) as { imports: Record<string, string> }).imports;
    for (const [name, address] of Object.entries(map)) {
      expect(address).toMatch(/^data:text\/javascript,/);
      for (const [, imported = ''] of decodeURIComponent(address).matchAll(/from ['"]([^'"]+)['"]/g))
        expect(Object.keys(map), `${name} imports it`).toContain(imported);
    }
  });

  it('carries its recording whole, and nothing in it can break out', async () => {
    const data = recordingOf([{ queued: 0, label: '</script><script>alert(1)</script> $& <!--' }]);
    const page = await timelinePage(data);
    const [, json = ''] = /<script id="data" type="application\/json">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(json)).toEqual(data);
    expect(page).not.toContain('<script>alert');
  });
});
