export { Ladder } from './ladder.tsx';
