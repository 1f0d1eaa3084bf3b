/**
 * The page's script: the token comes in the fragment of its address, which no browser sends to a server. It goes out in
 * headers and bodies only, which no server on the way writes down.
 */
export const script = `
'use strict';
const [form, message] = [document.querySelector('form'), document.getElementById('message')];
const [email, password, again] = ['email', 'password', 'again'].map((id) => document.getElementById(id));
const button = form.querySelector('button');
const api = location.pathname.replace(/password\\/*$/, 'api/v2/password');
let token = '';

function say(text, isError) {
  message.textContent = text;
  message.className = isError ? 'error' : '';
}

async function ask(request) {
  const options = { cache: 'no-store', credentials: 'omit', ...request };
  const answer = await fetch(api, options).catch(() => undefined);
  if (!answer) return { problem: 'The service cannot be reached. Try again shortly.' };
  const body = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const problem = body.detail || 'Something went wrong. Try again shortly.';
  return { problem, isOver: body.code === 'invalid_token' };
}

async function start() {
  token = location.hash.slice(1);
  form.hidden = true;
  if (token === '') return say('Open the link of the mail you were sent: its address ends with a code.', true);
  say('The link is checked …');
  const authorization = 'Bearer ' + encodeURIComponent(token);
  const { problem, email: address } = await ask({ headers: { authorization } });
  if (problem) return say(problem, true);
  say('Choose the password you want to sign in with: 8 characters or more.');
  email.value = address;
  form.hidden = false;
  password.focus();
}

async function send(event) {
  event.preventDefault();
  if (password.value !== again.value) {
    say('The two passwords differ. Type the same one twice.', true);
    return again.focus();
  }
  button.disabled = true;
  say('The password is set …');
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ token, password: password.value });
  const { problem, isOver } = await ask({ method: 'POST', headers, body });
  button.disabled = false;
  if (problem && !isOver) return say(problem, true);
  form.reset();
  form.hidden = true;
  if (problem) return say(problem, true);
  history.replaceState(null, '', location.pathname);
  say('Your password is set. You can sign in with it now.');
}

form.addEventListener('submit', send);
addEventListener('hashchange', start);
start();
`;

/** The page's one style sheet. */
export const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 24rem; margin: 10vh auto; padding: 0 1rem; }
label { display: block; margin-top: 1rem; }
input, button { box-sizing: border-box; width: 100%; padding: 0.5rem; font: inherit; }
button { margin-top: 1.5rem; }
#message { min-height: 1.5em; }
.error { border-left: 0.25rem solid #c00; padding-left: 0.75rem; }
`;

/** The page on which a user sets a password; it is the same for everybody. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Set a password</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Set a password</h1>
<p id="message" role="status"></p>
<noscript><p>This page needs JavaScript.</p></noscript>
<form hidden>
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" readonly>
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" required aria-describedby="message">
<label for="again">New password, once more</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="8" required aria-describedby="message">
<button>Set the password</button>
</form>
</main>
<script>${script}</script>
</body>
</html>
`;
