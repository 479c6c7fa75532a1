import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from '@playwright/test';

/** Axe as it goes into a page. */
export const AXE = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** What axe finds in `within` that is serious or worse, a line a rule with its first places. */
export async function seriousFindings(
  page: Page,
  options: RunOptions,
  within = 'body',
): Promise<readonly string[]> {
  const { violations } = await page.evaluate(
    async ([selector, asked]) => {
      const { axe } = globalThis as unknown as {
        axe: { run: (context: string, options: RunOptions) => Promise<AxeResults> };
      };
      return axe.run(selector, asked);
    },
    [within, options] as const,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const places = nodes.map(
        ({ target, any }) => `${target.join(' ')}: ${any[0]?.message ?? ''}`,
      );
      return `${id}: ${places.length} places\n  ${places.slice(0, 8).join('\n  ')}`;
    });
}
