import type { Rng } from '../../app/engine/base/rng.ts';

const PIECES = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', '-', '0', '9', 'e', ' ', '\n', '\u0000', 'é', '🂡'],
  ...['null', 'true', '1e400', '-0', '1e-400', '""', '[]', '{}', '//', '/*', '=', '%', '+', '@'],
  ...['"__proto__":{"polluted":1},', '"constructor":{"prototype":{"polluted":1}},', '__proto__'],
  ...['99999999999999999999', '9007199254740993', '0.000000000000000000001', '-1n', '"5n"'],
];
const BOMBS = [
  ...['[', '{"a":', '{"__proto__":', ' ', '9', '"', '0.', 'b 1 ', '//', '\\u0000', '(', '=', 'é'],
];
const KINDS = 7;

/** One change of a text; only what was drawn is made, for millions are. */
function changed(rng: Rng, text: string, other: string): string {
  const at = rng.nextBelow(text.length + 1);
  const piece = PIECES[rng.nextBelow(PIECES.length)] ?? '';
  const cut = rng.nextBelow(12);
  switch (rng.nextBelow(KINDS)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + piece + text.slice(at + piece.length);
    case 2:
      return text.slice(0, at) + text.slice(at + cut);
    case 3:
      return text.slice(0, at) + text.slice(Math.max(0, at - cut));
    case 4:
      return text.slice(0, at) + other.slice(rng.nextBelow(other.length + 1));
    case 5:
      return text.replaceAll(/"[^"]*"/g, (word) => (rng.nextBelow(25) === 0 ? piece : word));
    default:
      return text.slice(0, at);
  }
}

type Holder = Record<PropertyKey, unknown>;

/** What stands in the place of a value of JSON text that stays JSON text, so that what is behind its parser is reached. */
const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 0.5, 1e308, 2 ** 53, '', '0', '-1', '1e400', '5n', '__proto__', [], {}],
  ...['9'.repeat(400), 'x'.repeat(5_000), Array<unknown>(300).fill({}), [[[[[[[[1]]]]]]]]],
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
];

/** Every place of a value within `root`. */
function placesIn(root: Holder): [Holder, string][] {
  const places: [Holder, string][] = [];
  const open = [root];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      const value = holder[key];
      if (typeof value === 'object' && value !== null) open.push(value as Holder);
    }
  }
  return places;
}

/** JSON text with some of its values exchanged, left out or repeated; text that is not JSON as it is. */
function reshaped(rng: Rng, example: string, other: string): string {
  let root: Holder;
  let others: readonly [Holder, string][];
  try {
    root = { all: JSON.parse(example) as unknown };
    others = placesIn({ all: JSON.parse(other) as unknown });
  } catch {
    return example;
  }
  for (let times = 1 + rng.nextBelow(3); times > 0; times -= 1) {
    const places = placesIn(root);
    const [holder, key] = places[rng.nextBelow(places.length)] ?? [root, 'all'];
    const [from, name] = others[rng.nextBelow(others.length)] ?? [root, 'all'];
    switch (rng.nextBelow(4)) {
      case 0:
        holder[key] = structuredClone(VALUES[rng.nextBelow(VALUES.length)]);
        break;
      case 1:
        holder[key] = structuredClone(from[name]);
        break;
      case 2:
        Reflect.deleteProperty(holder, key);
        break;
      default:
        if (Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
        else holder[name] = structuredClone(holder[key]);
    }
  }
  return JSON.stringify(root['all'] ?? null);
}

function spoilt(rng: Rng, example: string, other: string): Buffer {
  let text = example;
  for (let times = 1 + rng.nextBelow(4); times > 0; times -= 1) text = changed(rng, text, other);
  const bytes = Buffer.from(text);
  if (rng.nextBelow(8) === 0 && bytes.length > 0) {
    bytes[rng.nextBelow(bytes.length)] = rng.nextBelow(256);
  }
  return bytes;
}

/** An input made of examples: spoilt in a few places, seldom very long, very deep, or of any bytes. */
export function inputFor(rng: Rng, examples: readonly string[]): Buffer {
  const example = examples[rng.nextBelow(examples.length)] ?? '';
  const other = examples[rng.nextBelow(examples.length)] ?? '';
  switch (rng.nextBelow(256)) {
    case 0:
      return Buffer.from(Array.from({ length: rng.nextBelow(200) }, () => rng.nextBelow(256)));
    case 1: {
      const bomb = BOMBS[rng.nextBelow(BOMBS.length)] ?? '';
      const at = rng.nextBelow(example.length + 1);
      const many = bomb.repeat(1 << rng.nextBelow(16));
      return Buffer.from(example.slice(0, at) + many + example.slice(at));
    }
    case 2: {
      const [open, close] = rng.nextBelow(2) === 0 ? ['[', ']'] : ['{"a":', '}'];
      const depth = 1 << rng.nextBelow(16);
      const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
      return Buffer.from(example.replace(/:\s*(?:"[^"]*"|\d+)/, `:${nested}`));
    }
    default:
      return rng.nextBelow(16) === 0
        ? Buffer.from(reshaped(rng, example, other))
        : spoilt(rng, example, other);
  }
}
