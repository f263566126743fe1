// What makes the page live: the address that the reader came by, Copy, and whether the server is ready.

const pollMs = 5_000;
const shownMs = 2_000;

// Behind a proxy the server cannot know the address by which it is reached.
for (const place of document.querySelectorAll('[data-origin]')) place.textContent = location.origin;

// Read out to those who do not see the button change.
const said = document.querySelector('.said');
for (const button of document.querySelectorAll('[data-copies]')) {
  const label = button.firstChild;
  const source = document.getElementById(button.dataset.copies);
  let timer;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const outcome = (await copy(source)) ? 'Copied' : 'Press Ctrl+C';
    label.data = outcome;
    said.textContent = outcome;
    clearTimeout(timer);
    timer = setTimeout(() => {
      label.data = 'Copy';
      said.textContent = '';
    }, shownMs);
  });
}

void showReadiness();
// A page that nobody looks at asks nothing.
setInterval(() => document.hidden || showReadiness(), pollMs);
document.addEventListener('visibilitychange', () => document.hidden || showReadiness());

/** Copies the text of an element, or at least selects it. Answers whether it was copied. */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // There is no clipboard where the address is neither https nor this machine's own.
    getSelection().selectAllChildren(source);
    return document.execCommand('copy');
  }
}

async function showReadiness() {
  const [state, text] = await readiness();
  const place = document.querySelector('.readiness');
  // Set anew, the same would be read out again.
  if (place.textContent === text) return;
  place.dataset.state = state;
  place.textContent = text;
}

async function readiness() {
  try {
    const response = await fetch('/readyz', { cache: 'no-store' });
    if (response.ok) return ['ready', 'Ready'];
    const { detail } = await response.json();
    return ['not-ready', `Not ready: ${detail}`];
  } catch {
    return ['unreachable', 'The server does not answer'];
  }
}
