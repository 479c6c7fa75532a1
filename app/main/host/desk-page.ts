/** What a page is told of itself. */
export interface PageMarks {
  /** Comes back on calls that change something; only where there are such. */
  readonly headerToken?: string;
  /** Lets the grid and the dock inject their styles. */
  readonly styleNonce: string;
}

/** The built index page with what belongs to this showing of it put into its head. */
export function deskPage(index: string, marks: PageMarks): string {
  const { headerToken, styleNonce } = marks;
  const head = [
    ...(headerToken === undefined
      ? []
      : [`<meta name="quarterdeck-header-token" content="${headerToken}" />`]),
    `<meta name="quarterdeck-style-nonce" content="${styleNonce}" />`,
  ].join('');
  return index.replace('<head>', `<head>${head}`);
}

/** The content security policy of a page; `nonce` lets the grid and the dock inject their styles. */
export function contentSecurityPolicy(nonce: string | undefined): string {
  const style = nonce === undefined ? "style-src 'self'" : `style-src 'self' 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    style,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}
