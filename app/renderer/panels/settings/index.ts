export { SettingsPanel } from './settings.tsx';
