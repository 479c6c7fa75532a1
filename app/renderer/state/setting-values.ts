import type { Setting, SettingsState } from '../client/host-client.ts';

/** The value of a setting when it is one of `choices`, else the first of them. */
export function choiceOf<T extends string>(
  state: SettingsState | undefined,
  key: string,
  choices: readonly [T, ...T[]],
): T {
  const value = valueOf(state, key);
  return choices.find((choice) => choice === value) ?? choices[0];
}

/** The value of a setting; undefined before the host said it. */
export function valueOf(
  state: SettingsState | undefined,
  key: string,
): Setting['value'] | undefined {
  return state?.settings.find((setting) => setting.key === key)?.value;
}
