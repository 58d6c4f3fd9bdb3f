import { describe, expect, it } from 'vitest';
import { hasPackage } from '../../src/types/package-of.js';

/** A program that counts how often its files are gone through. */
function programOf(...files: string[]): { asked: number; getSourceFiles: () => { fileName: string }[] } {
  return {
    asked: 0,
    getSourceFiles() {
      this.asked += 1;
      return files.map((fileName) => ({ fileName }));
    },
  };
}

describe('whether a program has a package', () => {
  it('is seen by where its files are installed', () => {
    const program = programOf('/app/src/main.ts', '/app/node_modules/@dma-fence/core/dist/index.d.ts');
    expect(hasPackage(program, ['@dma-fence/core'])).toBe(true);
    expect(hasPackage(program, ['@dma-fence/other', '@my/gpu'])).toBe(false);
  });

  it('is asked once a program', () => {
    const program = programOf('/app/node_modules/rxjs/dist/index.d.ts');
    for (let count = 0; count < 3; count += 1) expect(hasPackage(program, ['@dma-fence/core'])).toBe(false);
    expect(program.asked).toBe(1);
  });
});
