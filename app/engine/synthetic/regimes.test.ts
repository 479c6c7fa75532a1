import { expect, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { Sampler } from './numeric.ts';
import { REGIMES, REGIME_TRAITS, RegimeChain } from './regimes.ts';

test.each([1, 2, 3])(
  'seed %i: every regime lasts as long as set and is followed by those set',
  (seed) => {
    const chain = new RegimeChain(new Sampler(new Xoshiro128(seed)));
    const MINUTES = 600_000;
    for (let minute = 0; minute < MINUTES; minute += 1) chain.step();

    const { labels } = chain;
    for (const regime of REGIMES) {
      const stays = labels
        .slice(0, -1)
        .flatMap((label, index) =>
          label.regime === regime ? [(labels[index + 1]?.minute ?? 0) - label.minute] : [],
        );
      const mean = stays.reduce((sum, minutes) => sum + minutes, 0) / stays.length;
      expect(stays.length).toBeGreaterThan(200);
      expect(Math.abs(mean / REGIME_TRAITS[regime].meanMinutes - 1)).toBeLessThan(0.15);

      const followers = labels.filter(
        (_, index) => index > 0 && labels[index - 1]?.regime === regime,
      );
      for (const next of REGIMES) {
        const share = followers.filter((label) => label.regime === next).length / followers.length;
        expect(Math.abs(share - (REGIME_TRAITS[regime].next[next] ?? 0))).toBeLessThan(0.1);
      }
    }
  },
);

test('a regime starts where its label says', () => {
  const chain = new RegimeChain(new Sampler(new Xoshiro128(5)));
  const seen: string[] = [chain.regime];
  for (let minute = 1; minute < 5000; minute += 1) {
    chain.step();
    seen.push(chain.regime);
  }
  chain.labels.forEach((label, index) => {
    const end = chain.labels[index + 1]?.minute ?? seen.length;
    expect(new Set(seen.slice(label.minute, end))).toEqual(new Set([label.regime]));
  });
});
