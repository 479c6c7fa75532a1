import { screen, type Display, type Rectangle as ElectronRectangle } from 'electron';
import { present } from '../../engine/base/invariant.ts';
import type { DisplayNow, Displays, Rectangle } from '../host/windows/displays.ts';

/** The displays there are, the main one first. */
export function displaysNow(): Displays {
  const main = screen.getPrimaryDisplay();
  const all = screen.getAllDisplays();
  const first = all.find(({ id }) => id === main.id) ?? all[0];
  const others = all.filter((display) => display !== first);
  return [displayOf(present(first, 'a display')), ...others.map(displayOf)];
}

/** The display that most of a rectangle is on. */
export function displayAt(rectangle: Rectangle): DisplayNow {
  const middle = {
    x: rectangle.left + rectangle.width / 2,
    y: rectangle.top + rectangle.height / 2,
  };
  const displays = displaysNow();
  const holds = ({ bounds: { left, top, width, height } }: DisplayNow): boolean =>
    middle.x >= left && middle.x < left + width && middle.y >= top && middle.y < top + height;
  return displays.find(holds) ?? displays[0];
}

/** A rectangle as Electron says it. */
export function fromElectron({ x, y, width, height }: ElectronRectangle): Rectangle {
  return { left: x, top: y, width, height };
}

/** A rectangle as Electron takes it. */
export function toElectron({ left, top, width, height }: Rectangle): ElectronRectangle {
  return { x: left, y: top, width, height };
}

function displayOf({ id, label, bounds, workArea, scaleFactor }: Display): DisplayNow {
  return {
    id: String(id),
    label: label.slice(0, 128),
    bounds: fromElectron(bounds),
    workArea: fromElectron(workArea),
    scale: scaleFactor,
  };
}
