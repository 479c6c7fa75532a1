import type { Environment } from '../../engine/domain/identifiers.ts';

/** How an environment is shown. `sim`: no real money. */
export interface EnvironmentWords {
  /** In capitals, for the mode tag. */
  readonly tag: string;
  /** On the tabs of panels that trade; undefined for real money. */
  readonly word: string | undefined;
  readonly mode: 'live' | 'sim';
}

const WORDS: Readonly<Record<Environment, string>> = {
  live: 'Live',
  testnet: 'Testnet',
  paper: 'Paper',
  sandbox: 'Sandbox',
  replay: 'Replay',
};

/** Words for an environment. */
export function environmentWords(environment: Environment): EnvironmentWords {
  const word = WORDS[environment];
  const live = environment === 'live';
  return {
    tag: word.toUpperCase(),
    word: live ? undefined : word,
    mode: live ? 'live' : 'sim',
  };
}

/** Title of the window: the environment first, so that no list of windows hides it. */
export function windowTitle(
  environment: Environment | undefined,
  title: string,
  symbol: string | undefined,
): string {
  const parts = [symbol, title, 'Quarterdeck'].filter((part) => part !== undefined && part !== '');
  const name = parts.join(' \u00b7 ');
  return environment === undefined ? name : `[${environmentWords(environment).tag}] ${name}`;
}
