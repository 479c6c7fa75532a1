import { invariant } from '../base/invariant.ts';

/** The lower triangle L with L Lᵀ = `matrix` (Cholesky); a matrix that is no correlation is a bug. */
export function choleskyFactor(matrix: readonly (readonly number[])[]): Float64Array[] {
  const factor = matrix.map(() => new Float64Array(matrix.length));
  for (let row = 0; row < matrix.length; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row]?.[column] ?? 0;
      for (let index = 0; index < column; index += 1) {
        sum -= (factor[row]?.[index] ?? 0) * (factor[column]?.[index] ?? 0);
      }
      invariant(row !== column || sum > 0, 'correlations must be positive definite');
      const target = factor[row];
      if (target === undefined) continue;
      target[column] = row === column ? Math.sqrt(sum) : sum / (factor[column]?.[column] ?? 1);
    }
  }
  return factor;
}
