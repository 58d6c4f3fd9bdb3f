import { seededRandom } from '../random.js';
import type { Size } from './surface.js';

type Colour = readonly [red: number, green: number, blue: number];

/** Colours of one time of day: upper sky, horizon, the farthest and the nearest ridge, sun or moon. */
interface Light {
  readonly zenith: Colour;
  readonly horizon: Colour;
  readonly far: Colour;
  readonly near: Colour;
  readonly disc: Colour;
}

const DAY: readonly [Light, ...Light[]] = [
  {
    zenith: [38, 52, 110],
    horizon: [250, 186, 150],
    far: [150, 128, 165],
    near: [30, 36, 62],
    disc: [255, 236, 200],
  },
  {
    zenith: [62, 132, 204],
    horizon: [214, 234, 246],
    far: [142, 176, 206],
    near: [28, 66, 64],
    disc: [255, 252, 236],
  },
  {
    zenith: [58, 60, 132],
    horizon: [255, 158, 84],
    far: [172, 98, 116],
    near: [38, 24, 52],
    disc: [255, 220, 150],
  },
  {
    zenith: [8, 12, 34],
    horizon: [52, 64, 110],
    far: [44, 52, 88],
    near: [8, 10, 24],
    disc: [236, 238, 250],
  },
];

const RIDGES = 5;

/**
 * Draws one picture of a day in the mountains as SVG, which the decoder turns into pixels off the main thread.
 *
 * @param hour - 0 at dawn, 1 in the night
 * @param size - in pixels
 */
export function drawScene(hour: number, size: Size): string {
  const { width, height } = size;
  const light = lightAt(hour);
  const shore = height * 0.74;
  // The sun crosses the sky until dusk, then the moon sets out.
  const way = hour < 0.7 ? hour / 0.7 : (hour - 0.7) / 0.6;
  const arc = Math.PI * (0.12 + 0.76 * way);
  const disc = { x: width * (0.5 - 0.44 * Math.cos(arc)), y: shore - height * 0.6 * Math.sin(arc) };
  const world = `<g id="world">
    <rect width="${width}" height="${height}" fill="url(#sky)"/>
    ${stars(hour, size)}
    <circle cx="${round(disc.x)}" cy="${round(disc.y)}" r="${round(height * 0.3)}" fill="url(#halo)"/>
    <circle cx="${round(disc.x)}" cy="${round(disc.y)}" r="${round(height * 0.045)}" fill="${rgb(light.disc)}"/>
    ${clouds(hour, size, light)}
    ${ridges(size, shore, light)}
  </g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="0.78">
      <stop offset="0" stop-color="${rgb(light.zenith)}"/><stop offset="1" stop-color="${rgb(light.horizon)}"/>
    </linearGradient>
    <radialGradient id="halo">
      <stop offset="0" stop-color="${rgb(light.disc)}" stop-opacity="0.7"/>
      <stop offset="1" stop-color="${rgb(light.disc)}" stop-opacity="0"/>
    </radialGradient>
    <linearGradient id="depth" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="${rgb(light.near)}" stop-opacity="0.15"/>
      <stop offset="1" stop-color="${rgb(light.near)}" stop-opacity="0.85"/>
    </linearGradient>
    <clipPath id="lake"><rect y="${round(shore)}" width="${width}" height="${round(height - shore)}"/></clipPath>
    ${world}
  </defs>
  <use href="#world"/>
  <g clip-path="url(#lake)">
    <use href="#world" transform="translate(0 ${round(2 * shore)}) scale(1 -1)"/>
    <rect y="${round(shore)}" width="${width}" height="${round(height - shore)}" fill="url(#depth)"/>
    ${ripples(hour, size, shore, disc.x, light)}
  </g>
  ${pines(size, light)}
</svg>`;
}

function lightAt(hour: number): Light {
  const place = Math.max(0, Math.min(1, hour)) * (DAY.length - 1);
  const before = DAY[Math.floor(place)] ?? DAY[0];
  const after = DAY[Math.ceil(place)] ?? DAY[0];
  const share = place % 1;
  return {
    zenith: mix(before.zenith, after.zenith, share),
    horizon: mix(before.horizon, after.horizon, share),
    far: mix(before.far, after.far, share),
    near: mix(before.near, after.near, share),
    disc: mix(before.disc, after.disc, share),
  };
}

function stars(hour: number, { width, height }: Size): string {
  const random = seededRandom(11);
  const shine = Math.max(0, Math.abs(hour - 0.4) * 2.4 - 0.6);
  return Array.from({ length: 180 }, () => {
    const [x, y, radius] = [random() * width, random() * height * 0.6, height * (0.0008 + 0.0014 * random())];
    const opacity = Math.min(1, shine * (0.4 + random()));
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="#fff" opacity="${round(opacity)}"/>`;
  }).join('');
}

function clouds(hour: number, { width, height }: Size, light: Light): string {
  const random = seededRandom(23);
  const colour = rgb(mix(light.horizon, [255, 255, 255], 0.45));
  return Array.from({ length: 7 }, () => {
    const drift = ((random() + hour * 0.35) % 1.2) - 0.1;
    const [x, y] = [drift * width, height * (0.1 + 0.3 * random())];
    const puffs = Array.from({ length: 6 }, (_, puff) => {
      const [rx, ry] = [height * (0.05 + 0.06 * random()), height * (0.008 + 0.014 * random())];
      return `<ellipse cx="${round(x + (puff - 3) * height * 0.05)}" cy="${round(y - ry * random())}" rx="${round(rx)}" ry="${round(ry)}"/>`;
    });
    return `<g fill="${colour}" opacity="0.22">${puffs.join('')}</g>`;
  }).join('');
}

/** Mountain chains one behind the other, each a sum of waves with a little jitter, hazier with distance. */
function ridges({ width, height }: Size, shore: number, light: Light): string {
  return Array.from({ length: RIDGES }, (_, ridge) => {
    const random = seededRandom(101 + ridge);
    const nearness = ridge / (RIDGES - 1);
    const base = shore - height * (0.3 - 0.27 * nearness);
    const waves = Array.from({ length: 6 }, (_, octave) => ({
      length: (1.6 + random()) * 2 ** octave,
      phase: random() * Math.PI * 2,
      height: (height * 0.085 * (1.1 - 0.5 * nearness)) / 1.75 ** octave,
    }));
    const line = Array.from({ length: 161 }, (_, step) => {
      const x = (step / 160) * width;
      const rise = waves.reduce(
        (sum, wave) =>
          sum + wave.height * (1 - 2 * Math.abs(Math.sin((x / width) * wave.length * 2 + wave.phase))),
        0,
      );
      return `${round(x)} ${round(base - rise)}`;
    });
    const colour = rgb(mix(light.far, light.near, nearness));
    return `<path d="M0 ${height} L${line.join(' L')} L${width} ${height} Z" fill="${colour}"/>`;
  }).join('');
}

function ripples(
  hour: number,
  { width, height }: Size,
  shore: number,
  glitter: number,
  light: Light,
): string {
  const random = seededRandom(41);
  return Array.from({ length: 90 }, () => {
    const depth = random() ** 1.4;
    const y = shore + (height - shore) * depth;
    const near = random() < 0.55;
    const spread = width * (near ? 0.05 + 0.08 * depth : 1);
    const x =
      (near ? glitter : width / 2) + (random() - 0.5) * spread + Math.sin(hour * 40 + y) * height * 0.004;
    const half = height * (0.008 + 0.05 * depth * random());
    return `<rect x="${round(x - half)}" y="${round(y)}" width="${round(half * 2)}" height="${round(height * (0.001 + 0.002 * depth))}" fill="${rgb(light.disc)}" opacity="${round(near ? 0.5 : 0.12)}"/>`;
  }).join('');
}

/** A dark fringe of firs in front: hard outlines that show what the edge pass does. */
function pines({ width, height }: Size, light: Light): string {
  const random = seededRandom(61);
  const colour = rgb(mix(light.near, [0, 0, 0], 0.45));
  const trees = Array.from({ length: 46 }, () => {
    const edge = random() < 0.5 ? random() * 0.32 : 1 - random() * 0.32;
    const x = edge * width;
    const size = height * (0.1 + 0.16 * random()) * (1 - 0.9 * Math.min(edge, 1 - edge));
    const foot = height * 1.02;
    const tiers = [0, 0.22, 0.44, 0.66].map((tier) => {
      const half = size * (0.09 + 0.17 * tier);
      const top = foot - size * (1 - tier);
      return `M${round(x)} ${round(top)} l${round(half)} ${round(size * 0.4)} h${round(-2 * half)} Z`;
    });
    return tiers.join(' ');
  });
  return `<path d="${trees.join(' ')}" fill="${colour}"/>`;
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const blend = (a: number, b: number): number => Math.round(a + (b - a) * share);
  return [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])];
}

function rgb([red, green, blue]: Colour): string {
  return `rgb(${String(red)},${String(green)},${String(blue)})`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
