/** Time and timers of the sandbox; its entry owns the real ones, tests a manual one. */
export interface SandboxClock {
  /** Wall time in microseconds since the Unix epoch, never going back. */
  nowMicros(): number;
  /** Runs `task` about every `intervalMs` until disposed. */
  every(intervalMs: number, task: () => void): Disposable;
}
