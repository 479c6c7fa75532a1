export { Watchlist } from './watchlist.tsx';
