export { DataPanel } from './data.tsx';
