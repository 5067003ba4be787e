/** The one style sheet of the hosted pages. Inline and named by its hash in the policy, so that no page loads anything. */
export const styles = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f7; --card: #fff; --text: #16181d; --muted: #5b6270; --line: #d8dbe2; --edge: #7d8493; --field: #fff;
  --accent: #4338ca; --accent-hover: #3730a3; --on-accent: #fff;
  --good: #12694a; --good-ground: #e6f4ee; --bad: #a01c2b; --bad-ground: #fcebed;
  --shadow: 0 1px 2px rgb(16 20 30 / .06), 0 12px 32px rgb(16 20 30 / .08);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1115; --card: #191c22; --text: #eceef2; --muted: #a2a9b6; --line: #343944; --edge: #757c8b; --field: #12151a;
    --accent: #a5a4f9; --accent-hover: #bfbefb; --on-accent: #15143a;
    --good: #6fd3a8; --good-ground: #14291f; --bad: #ff9aa5; --bad-ground: #32171b;
    --shadow: 0 0 0 1px #262a33;
  }
}
.provider { --accent: #0f5f74; --accent-hover: #0a4a5b; --on-accent: #fff; }
@media (prefers-color-scheme: dark) {
  .provider { --accent: #79cde2; --accent-hover: #9fdcec; --on-accent: #06252d; }
}
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 2rem 1rem; display: flex; flex-direction: column; align-items: center;
  background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
}
main {
  width: 100%; max-width: 27rem; margin: auto 0; padding: 1.75rem; border-radius: 14px;
  background: var(--card); box-shadow: var(--shadow);
}
main.wide { max-width: 38rem; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 0; font-size: 1rem; line-height: 1.35; }
p { margin: 0 0 1rem; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.logo { display: block; width: 48px; height: 48px; margin: 0 0 1rem; border-radius: 11px; }
.facts { margin: 1.25rem 0; border-top: 1px solid var(--line); font-size: .9375rem; }
.facts div { display: flex; gap: 1rem; padding: .55rem 0; border-bottom: 1px solid var(--line); }
.facts dt { flex: 0 0 7rem; color: var(--muted); }
.facts dd { margin: 0; }
.scopes { margin: 0 0 1.25rem; padding-left: 1.25rem; }
label { display: block; margin: 0 0 .3rem; font-weight: 600; font-size: .9375rem; }
input {
  width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: 8px;
  background: var(--field); color: inherit; font: inherit;
}
input[aria-invalid] { border-color: var(--bad); }
.field { margin: 0 0 1rem; }
.problem { margin: .3rem 0 0; color: var(--bad); font-size: .875rem; }
fieldset { margin: 0 0 1rem; padding: 0; border: 0; }
legend { padding: 0; margin: 0 0 .5rem; font-weight: 600; font-size: .9375rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; margin: 0 0 .75rem; color: var(--accent); }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button, .button {
  flex: 1 1 auto; min-height: 2.75rem; padding: .5rem 1.1rem; border: 1px solid var(--edge); border-radius: 8px;
  background: transparent; color: inherit; font: inherit; font-weight: 600; text-align: center; cursor: pointer;
  text-decoration: none;
}
button.primary, .button.primary { border-color: transparent; background: var(--accent); color: var(--on-accent); }
button.primary:hover, .button.primary:hover { background: var(--accent-hover); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { margin: 0 0 1.25rem; padding: .75rem 1rem; border-radius: 8px; background: var(--bad-ground); color: var(--bad); }
.note.good { background: var(--good-ground); color: var(--good); }
.note p { margin: 0; }
.note ul { margin: .4rem 0 0; padding-left: 1.25rem; }
.note a { color: inherit; }
.accounts { margin: 1.25rem 0 0; padding: 0; list-style: none; }
.accounts li { display: flex; flex-wrap: wrap; align-items: center; gap: .9rem; padding: .9rem 0; border-top: 1px solid var(--line); }
.accounts .logo { width: 40px; height: 40px; margin: 0; border-radius: 9px; }
.accounts .what { flex: 1 1 11rem; min-width: 0; }
.accounts p { margin: 0; }
.accounts button { flex: 0 0 auto; }
.good-text { color: var(--good); }
.bad-text { color: var(--bad); }
footer { margin-top: 1.25rem; color: var(--muted); font-size: .8125rem; text-align: center; }
@media (forced-colors: active) { button, .button, main { border: 1px solid; } }
`
