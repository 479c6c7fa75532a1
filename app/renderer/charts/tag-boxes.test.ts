import { expect, test } from 'vitest';
import { marginOf, type PlacedTag, type PriceTag } from './tag-boxes.ts';

function at(y: number, part: Partial<PriceTag> & { readonly key?: string } = {}): PlacedTag {
  const { key = 'Sell', ...rest } = part;
  const label = (orders: number, quantity: number): string => `${key} ${quantity} of ${orders}`;
  const tag: PriceTag = {
    id: `${key} ${y}`,
    price: 1000 - y,
    label: label(1, 2),
    color: key,
    axisText: String(1000 - y),
    dashed: true,
    orders: [],
    group: { key, orders: 1, quantity: 2, label },
    ...rest,
  };
  return { tag, y };
}

test('tags with room between them have a box each, at their price', () => {
  const { boxes } = marginOf([at(100), at(40)], undefined, 1000);
  expect(boxes.map((box) => [box.label, box.at, box.lines, box.axisText])).toEqual([
    ['Sell 2 of 1', 40, [40], '960'],
    ['Sell 2 of 1', 100, [100], '900'],
  ]);
});

test('tags whose boxes would cover each other share one with their sum, and no price is lost', () => {
  const { boxes } = marginOf([at(100), at(110), at(119), at(120)], undefined, 1000);
  expect(boxes.map((box) => [box.label, box.lines, box.axisText])).toEqual([
    ['Sell 6 of 3', [100, 110, 119], undefined],
    ['Sell 2 of 1', [120], '880'],
  ]);
});

test('a group never has more than eight boxes, and every order is in one', () => {
  const many = Array.from({ length: 120 }, (_, index) => at(index * 7.5));
  const { boxes } = marginOf(many, undefined, 1000);
  expect(boxes.length).toBeLessThanOrEqual(8);
  expect(boxes.flatMap(({ lines }) => lines)).toEqual(many.map(({ y }) => y));
});

test('boxes of different groups and the mark of the newest price do not cover each other', () => {
  const tags = [at(100), at(104, { key: 'Buy' }), at(108, { key: 'Unknown' })];
  const { boxes, lastAt } = marginOf(tags, 102, 1000);
  const places = [...boxes.map((box) => box.at), lastAt ?? 0].toSorted((a, b) => a - b);
  for (let index = 1; index < places.length; index += 1) {
    expect((places[index] ?? 0) - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(20);
  }
});

test('a tag without a group is never put together with another', () => {
  const { boxes } = marginOf([at(100, { group: undefined }), at(101)], undefined, 1000);
  expect(boxes.map(({ label }) => label)).toEqual(['Sell 2 of 1', 'Sell 2 of 1']);
});

test('prices beyond the pane stand in a box of their group at its edge, with an arrow and no line', () => {
  const tags = [at(-40), at(-90), at(300, { key: 'Buy' }), at(100)];
  const { boxes } = marginOf(tags, undefined, 200);
  expect(boxes.map((box) => [box.label, box.at, box.lines, box.tag?.id])).toEqual([
    ['↑ Sell 4 of 2', 9, [], undefined],
    ['Sell 2 of 1', 100, [100], 'Sell 100'],
    ['↓ Buy 2 of 1 at 700', 191, [], undefined],
  ]);
});

test('boxes stay in the pane and apart from each other, wherever their prices are', () => {
  const keys = ['Sell', 'Buy', 'Sell stop', 'Buy stop', 'Unknown'];
  for (let shift = -100; shift <= 300; shift += 7) {
    const tags = keys.map((key, index) => at(shift + index * 5, { key }));
    const { boxes, lastAt } = marginOf(tags, 190, 200);
    const places = [...boxes.map((box) => box.at), lastAt ?? 0].toSorted((a, b) => a - b);
    expect(places[0]).toBeGreaterThanOrEqual(Math.min(9, shift));
    expect(places.at(-1)).toBeLessThanOrEqual(191);
    for (let index = 1; index < places.length; index += 1) {
      expect((places[index] ?? 0) - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(20);
    }
  }
});
