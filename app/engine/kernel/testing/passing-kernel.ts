import type { Effect, Input } from '../../domain/input.ts';
import { createKernel, type Kernel } from '../kernel.ts';

/** A kernel that stands before another, which may be exchanged: questions are passed on, inputs are a test's own matter. */
export abstract class PassingKernel implements Kernel {
  protected kernel: Kernel = createKernel();

  abstract apply(input: Input): readonly Effect[];

  encodeState(): Uint8Array {
    return this.kernel.encodeState();
  }

  snapshot(): Uint8Array {
    return this.kernel.snapshot();
  }

  restore(bytes: Uint8Array): void {
    this.kernel.restore(bytes);
  }

  preview(...question: Parameters<Kernel['preview']>): ReturnType<Kernel['preview']> {
    return this.kernel.preview(...question);
  }

  carry(...question: Parameters<Kernel['carry']>): ReturnType<Kernel['carry']> {
    return this.kernel.carry(...question);
  }

  view(): ReturnType<Kernel['view']> {
    return this.kernel.view();
  }
}
