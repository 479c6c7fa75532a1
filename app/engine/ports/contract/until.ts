/** Waits until the condition holds, looking again whenever the event loop has turned; throws with `what` after `withinMs`. */
export async function until(
  what: string,
  condition: () => boolean,
  withinMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
