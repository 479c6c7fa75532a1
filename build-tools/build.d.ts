/** Builds `build/native/quarterdeck.node` when it is out of date; throws PrepareError. */
export function buildAddon(): void;
/** Builds the native workloads of `qd bench` when they are out of date; throws PrepareError. */
export function buildBench(): void;
/** Builds `build/renderer` when it is out of date; throws PrepareError. */
export function buildRenderer(): void;
/** Builds what an Electron desk runs when it is out of date; throws PrepareError. */
export function buildElectron(): void;
/** Throws PrepareError with the command that installs what is missing to build C++. */
export function requireNativeTools(): void;
