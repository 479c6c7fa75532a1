import type { ReactNode } from 'react';
import { measureRows, type MeasuredBook } from './measure-rows.ts';

/** What is measured of the joined book and of each venue's, a column a book. */
export function MeasureTable({
  books,
  names,
}: {
  readonly books: readonly MeasuredBook[];
  readonly names: readonly string[];
}): ReactNode {
  return (
    <table className="measures" aria-label="Measures">
      <thead>
        <tr>
          <th scope="col">Measure</th>
          {names.map((name) => (
            <th key={name} scope="col" className="r">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {measureRows(books).map(({ label, meaning, texts, leans }) => (
          <tr key={label} title={meaning} data-testid={`measure-${label}`}>
            <th scope="row">{label}</th>
            {texts.map((text, at) => (
              <td key={names[at]} className={`r ${leans[at] ?? ''}`}>
                {text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
