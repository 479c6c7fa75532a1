import type { Desk } from '../state/desk.tsx';
import type { NoticeLevel } from '../state/notices.ts';
import { valueOf } from '../state/setting-values.ts';

/** Tones of a sound: hertz, one after the other. */
const TONES: Readonly<Record<NoticeLevel, readonly number[]>> = {
  info: [],
  done: [660, 880],
  warning: [330],
  danger: [440, 330, 440],
};
const TONE_SECONDS = 0.09;
/** A burst of one kind is one sound. */
const QUIET_MS = 600;

const SETTINGS: Readonly<Record<NoticeLevel, string>> = {
  info: '',
  done: 'sounds.fills',
  warning: 'sounds.rejects',
  danger: 'sounds.rejects',
};

/** Sounds what is raised in this window, as loud as the settings have it; the returned function ends it. */
export function soundNotices(desk: Desk): () => void {
  const last = new Map<NoticeLevel, number>();
  let audio: AudioContext | undefined;
  return desk.notices.raised.add(({ level }) => {
    const now = performance.now();
    const { settings } = desk.host.store.getState();
    const percent = Number(valueOf(settings, 'sounds.volumePercent') ?? 0);
    const wanted = valueOf(settings, SETTINGS[level]) === true && percent > 0;
    if (!wanted || now - (last.get(level) ?? -Infinity) < QUIET_MS) return;
    last.set(level, now);
    audio ??= new AudioContext();
    play(audio, TONES[level], percent / 100);
  });
}

/** A browser lets a page sound only after somebody has acted in it; until then nothing is heard. */
function play(audio: AudioContext, tones: readonly number[], volume: number): void {
  tones.forEach((hertz, index) => {
    const from = audio.currentTime + index * TONE_SECONDS;
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.frequency.value = hertz;
    level.gain.setValueAtTime(volume * 0.2, from);
    level.gain.exponentialRampToValueAtTime(0.0001, from + TONE_SECONDS);
    tone.connect(level).connect(audio.destination);
    tone.start(from);
    tone.stop(from + TONE_SECONDS);
  });
}
