export { OrderTruth } from './order-truth.tsx';
