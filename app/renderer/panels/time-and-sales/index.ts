export { TimeAndSales } from './time-and-sales.tsx';
