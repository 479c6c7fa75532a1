/** Version of the kernel's encoding of its state, which state hashes are over: hashes of different formats say nothing about each other. Raised by a release whose encoding differs from what the release before wrote; 1 was written before records named it. */
export const STATE_FORMAT = 2;
