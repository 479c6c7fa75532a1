import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** An analytical database in memory for one act; it loads no extensions, so that nothing is fetched. */
export interface DuckSession extends Disposable {
  readonly connection: DuckDBConnection;
}

/** Opens one. Throws what DuckDB says. */
export async function openDuck(): Promise<DuckSession> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text of SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
