export { Ticket } from './ticket.tsx';
