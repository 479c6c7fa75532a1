export { ConsolidatedBook } from './consolidated-book.tsx';
