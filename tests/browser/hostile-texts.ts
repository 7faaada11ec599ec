/** Texts that run something where a page takes data for markup, a URL, a script or a style. `hit()` is what they would call. */
const call = "hit()";
const events = [
  "onerror",
  "onload",
  "onfocus",
  "onmouseover",
  "ontoggle",
  "onanimationstart",
  "onpointerenter",
  "onbegin",
  "onpageshow",
];
const elements = [
  `<img src=x EVENT=${call}>`,
  `<svg EVENT=${call}>`,
  `<svg><animate EVENT=${call} attributeName=x dur=1s>`,
  `<body EVENT=${call}>`,
  `<input autofocus EVENT=${call}>`,
  `<details open EVENT=${call}>`,
  `<video><source EVENT=${call}></video>`,
  `<iframe src=/ EVENT=${call}></iframe>`,
  `"><img src=x EVENT=${call}>`,
  `'><svg/EVENT=${call}//`,
  `</title><img src=x EVENT=${call}>`,
  `</textarea><img src=x EVENT=${call}>`,
  `</script><img src=x EVENT=${call}>`,
  `<math><mtext><img src=x EVENT=${call}></mtext></math>`,
  `<a href=# EVENT=${call} autofocus>x</a>`,
  `<x EVENT=${call} tabindex=1 autofocus style=animation:a>`,
];
const others = [
  `<script>${call}</script>`,
  `</script><script>${call}</script>`,
  `<iframe srcdoc="<script>parent.${call}</script>"></iframe>`,
  `javascript:${call}`,
  `JaVaScRiPt:${call}//`,
  `data:text/html,<script>${call}</script>`,
  `{{constructor.constructor('${call}')()}}`,
  `\${${call}}`,
  `";${call};//`,
  `';${call};//`,
  "`;hit();//",
  `&lt;img src=x onerror=${call}&gt;`,
  `&#60;script&#62;${call}&#60;/script&#62;`,
  `%3Cscript%3E${call}%3C/script%3E`,
  `<base href=//evil.example/>`,
  `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<style>@import "//evil.example/x.css";</style>`,
  `<form action=javascript:${call}><input type=submit autofocus>`,
  `<object data=javascript:${call}>`,
  `<embed src=javascript:${call}>`,
  `__proto__`,
  `constructor`,
  `=cmd|' /C calc'!A0`,
  `\u202egnp.exe`,
  `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  `<![CDATA[<script>${call}</script>]]>`,
  `<!--<img src="--><img src=x onerror=${call}//">`,
  `<select><template><img src=x onerror=${call}></template></select>`,
  `<svg><style><img src=x onerror=${call}></style></svg>`,
];

/** The first `count` of two hundred, the most different ones first. */
export function hostileTexts(count: number): string[] {
  const withEvents = events.flatMap((event) => elements.map((element) => element.replace("EVENT", event)));
  const all = [...others, ...withEvents];
  const doubled = others.map((text) => `x" autofocus onfocus="${call}" title='${text}`);
  return [...all, ...doubled].slice(0, count);
}
