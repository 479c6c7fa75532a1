export { Fills } from './fills.tsx';
