export { AccountsPanel } from './accounts.tsx';
