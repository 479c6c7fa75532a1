export { Balances } from './balances.tsx';
