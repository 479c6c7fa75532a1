/** The page a browser without a session gets: it sends the token from the address's fragment by POST. Holds no secret. */
export const LANDING_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Quarterdeck</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/landing.css" />
    <script src="/landing.js" defer></script>
  </head>
  <body>
    <main>
      <h1>Quarterdeck</h1>
      <p id="message" role="status">Opening the desk&hellip;</p>
    </main>
  </body>
</html>
`;

/** Style of the landing page, in the desk's own colours. */
export const LANDING_STYLE = `
html { background: #0b0e13; color: #c9d1dc; font: 13px system-ui, sans-serif; }
main { max-width: 44ch; margin: 20vh auto 0; }
h1 { font-size: 18px; font-weight: 600; }
`;

/** Script of the landing page. A GET changes nothing: only this POST consumes the token. */
export const LANDING_SCRIPT = `
const message = document.getElementById('message');
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', '/');
if (token === null) {
  message.textContent =
    'This address has no token. Press Enter in the terminal that runs Quarterdeck, or run "qd desk --url", and open the address it prints.';
} else {
  fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).then((answer) => {
    if (answer.ok) {
      location.replace('/');
      return;
    }
    message.textContent =
      'This token was used already or is too old. Press Enter in the terminal that runs Quarterdeck for a fresh address.';
  });
}
`;
