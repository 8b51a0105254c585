// Drives a report page in headless Chromium: report.mjs CHROMIUM REPORT.html [SCREENSHOTS]
//
// Speaks the DevTools protocol over a pipe, so that Node alone is enough. Ends with 0 when all holds; tells every
// expectation that does not. With a folder as third argument, leaves screenshots there: light, dark, phone, print.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [chromium, page, screenshots] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "tamis-browser-"));
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank"];
const browser = spawn(chromium, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const [to, from] = [browser.stdio[3], browser.stdio[4]];

let last = 0;
let buffer = "";
const answers = new Map();
const listeners = [];
from.setEncoding("utf8");
from.on("data", (chunk) => {
  buffer += chunk;
  for (let end; (end = buffer.indexOf("\0")) >= 0; buffer = buffer.slice(end + 1)) {
    const message = JSON.parse(buffer.slice(0, end));
    if (message.id) {
      const { done, fail } = answers.get(message.id);
      answers.delete(message.id);
      if (message.error) fail(new Error(JSON.stringify(message.error)));
      else done(message.result);
    } else for (const listener of listeners) listener(message);
  }
});
const send = (method, params = {}, sessionId) =>
  new Promise((done, fail) => {
    const id = ++last;
    answers.set(id, { done, fail });
    to.write(JSON.stringify({ id, method, params, sessionId }) + "\0");
  });

const wrong = [];
const expect = (what, holds, found) => {
  if (!holds) wrong.push(`${what}: ${JSON.stringify(found)}`);
};

async function main() {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const call = (method, params) => send(method, params, sessionId);
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const key = async (name, code, text) => {
    await call("Input.dispatchKeyEvent", { type: "keyDown", key: name, code, text });
    await call("Input.dispatchKeyEvent", { type: "keyUp", key: name, code });
  };
  const rest = () => evaluate("new Promise((done) => setTimeout(done, 150))");

  const told = [];
  const asked = [];
  listeners.push(({ method, params }) => {
    if (method === "Runtime.consoleAPICalled") told.push(params.args.map((argument) => argument.value).join(" "));
    if (method === "Runtime.exceptionThrown") told.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded") told.push(params.entry.text);
    if (method === "Network.requestWillBeSent") asked.push(params.request.url);
    if (method === "Page.javascriptDialogOpening") told.push(`dialog: ${params.message}`);
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(`${domain}.enable`);
  const url = pathToFileURL(resolve(page)).href;
  const loaded = new Promise((done) => listeners.push(({ method }) => method === "Page.loadEventFired" && done()));
  await call("Emulation.setDeviceMetricsOverride", { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false });
  await call("Page.navigate", { url });
  await loaded;

  // Nothing but the page itself was asked for, and it has nothing to say.
  expect("requests", asked.every((request) => request === url), asked);
  const sections = await evaluate("[...document.querySelectorAll('main > section')].map((section) => section.id)");
  const order = ["verdict", "stages", "languages", "rules", "duplicates", "amounts", "lengths", "warnings", "pipeline", "documents"];
  expect("sections", JSON.stringify(sections) === JSON.stringify(order), sections);

  // Every shape that says something has words for it; every control has a name; no id stands twice.
  const nameless = await evaluate(`[...document.querySelectorAll('svg:not([aria-hidden=true])')]
    .filter((svg) => !(svg.getAttribute('role') === 'img' && svg.getAttribute('aria-label'))).length`);
  expect("drawings without words", nameless === 0, nameless);
  const unlabelled = await evaluate(`[...document.querySelectorAll('input, select')].filter((input) => !input.labels?.length).length`);
  expect("controls without a label", unlabelled === 0, unlabelled);
  const ids = await evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)");
  expect("ids that stand twice", new Set(ids).size === ids.length, ids.length - new Set(ids).size);
  const dead = await evaluate(`[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))
    .filter((href) => !href.startsWith('#') || !document.getElementById(href.slice(1)))`);
  expect("links that lead nowhere", dead.length === 0, dead);

  // Search: by the keyboard alone.
  const all = await evaluate("document.querySelectorAll('#docs > li').length");
  const shown = () => evaluate("[...document.querySelectorAll('#docs > li')].filter((row) => !row.hidden).length");
  expect("rows", (await shown()) === Math.min(all, 50), await shown());
  await key("/", "Slash", "/");
  expect("the slash leads to the search", (await evaluate("document.activeElement.id")) === "search", "");
  const id = await evaluate("document.querySelector('#docs > li.k .id').textContent");
  await call("Input.insertText", { text: id });
  await rest();
  const found = await evaluate("[...document.querySelectorAll('#docs > li')].filter((row) => !row.hidden).map((row) => row.textContent)");
  expect("search finds the document", found.length >= 1 && found.length < all && found.every((row) => row.includes(id)), found.length);
  expect("the number found is told", (await evaluate("document.getElementById('matches').textContent")).startsWith(`${found.length} of`), "");
  await evaluate("const search = document.getElementById('search'); search.value = 'no such words'; search.dispatchEvent(new Event('input'))");
  await rest();
  expect("nothing is found where there is nothing", (await shown()) === 0, await shown());
  await evaluate("document.getElementById('search').value = ''; document.querySelector('[name=status][value=d]').click()");
  await rest();
  const statuses = await evaluate("[...document.querySelectorAll('#docs > li')].filter((row) => !row.hidden).map((row) => row.className)");
  expect("only dropped documents", statuses.every((status) => status === "d"), statuses);
  await evaluate("document.querySelector('[name=status][value=\"\"]').click(); const order = document.getElementById('order'); order.value = 'raw'; order.dispatchEvent(new Event('change'))");
  await rest();
  const lengths = await evaluate("[...document.querySelectorAll('#docs > li')].filter((row) => !row.hidden).map((row) => Number(row.dataset.raw))");
  expect("the longest come first", lengths.every((length, at) => at === 0 || lengths[at - 1] >= length), lengths.slice(0, 5));
  await evaluate("order.value = ''; order.dispatchEvent(new Event('change'))");
  await rest();

  // Open: by the keyboard, and see what went.
  await evaluate("window.row = document.querySelector('#docs > li.k:has(del)'); row.querySelector('summary').focus()");
  await key("Enter", "Enter", "\r");
  await rest();
  expect("Enter opens a document", await evaluate("row.querySelector('details').open"), "");
  const del = await evaluate("(() => { const style = getComputedStyle(row.querySelector('del')); return [style.textDecorationLine, style.color, getComputedStyle(row.querySelector('pre')).color, row.querySelector('del').title]; })()");
  expect("what went is struck out, in another colour, by a rule with a name", del[0] === "line-through" && del[1] !== del[2] && del[3].includes("/"), del);
  expect("a legend names the rules", await evaluate("row.querySelectorAll('.legend a').length > 0"), "");
  await evaluate("[...row.querySelectorAll('.view button')].find((button) => button.textContent === 'Side by side').click()");
  const sides = await evaluate("[...row.querySelectorAll('pre')].map((side) => side.innerText)");
  expect("before and after stand side by side", sides.length === 2 && sides[0] !== sides[1], sides.length);
  const after = await evaluate("[...row.querySelectorAll('.after del')].some((del) => del.offsetParent)");
  expect("nothing that went is in the text after", !after, after);

  // A rule's name leads to its text, which opens.
  const rule = await evaluate("(() => { const link = document.querySelector('#rules .what a'); link.click(); return link.getAttribute('href').slice(1); })()");
  await rest();
  expect("a rule's text opens", await evaluate(`document.getElementById("${rule}").closest("details").open`), rule);
  expect("examples", await evaluate("document.querySelectorAll('.examples li').length > 0"), "");

  // On a phone nothing is cut off.
  await call("Emulation.setDeviceMetricsOverride", { width: 390, height: 844, deviceScaleFactor: 2, mobile: true });
  await rest();
  const width = await evaluate("document.documentElement.scrollWidth");
  expect("the page is as wide as a phone", width <= 390, width);

  if (screenshots) {
    const shots = [["light", 1280, 1, "screen", "light"], ["dark", 1280, 1, "screen", "dark"], ["phone", 390, 2, "screen", "light"], ["print", 794, 1, "print", "light"]];
    for (const [name, wide, scale, media, scheme] of shots) {
      await call("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value: scheme }] });
      await call("Emulation.setDeviceMetricsOverride", { width: wide, height: 1200, deviceScaleFactor: scale, mobile: name === "phone" });
      await call("Page.navigate", { url: "about:blank" });
      const again = new Promise((done) => listeners.push(({ method }) => method === "Page.loadEventFired" && done()));
      await call("Page.navigate", { url });
      await again;
      await rest();
      const { data } = await call("Page.captureScreenshot", { captureBeyondViewport: true, format: "png" });
      writeFileSync(join(screenshots, `${name}.png`), Buffer.from(data, "base64"));
    }
  }
  expect("the console is silent", told.length === 0, told);
}

const limit = setTimeout(() => {
  console.error("Chromium did not answer in time");
  browser.kill("SIGKILL");
  process.exit(1);
}, 60_000);
try {
  await main();
} catch (error) {
  wrong.push(String(error));
}
clearTimeout(limit);
const gone = new Promise((done) => browser.on("exit", done));
send("Browser.close").catch(() => {});
await Promise.race([gone, new Promise((done) => setTimeout(done, 3_000))]);
browser.kill("SIGKILL");
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
for (const line of wrong) console.error(line);
process.exit(wrong.length === 0 ? 0 : 1);
