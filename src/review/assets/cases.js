// What keys and pointers do on the pages of cases. Without it, everything can be done by forms and by scrolling.
"use strict";
const script = document.currentScript;
const frames = [...document.querySelectorAll(".faces .frame")];
const all = [...document.querySelectorAll(".frame")];

// Both faces show the same place, as a share of what there is to scroll.
let leading = null;
const share = (frame) => [
  frame.scrollLeft / Math.max(1, frame.scrollWidth - frame.clientWidth),
  frame.scrollTop / Math.max(1, frame.scrollHeight - frame.clientHeight),
];
const follow = (leader) => {
  const [across, down] = share(leader);
  for (const frame of frames.filter((frame) => frame !== leader)) {
    frame.scrollLeft = across * (frame.scrollWidth - frame.clientWidth);
    frame.scrollTop = down * (frame.scrollHeight - frame.clientHeight);
  }
};
for (const frame of frames) {
  for (const event of ["pointerenter", "pointerdown", "focus"]) {
    frame.addEventListener(event, () => { leading = frame; });
  }
  frame.addEventListener("scroll", () => { if (frame === leading) follow(frame); }, { passive: true });
}
for (const frame of all) {
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!frame.hasPointerCapture(event.pointerId)) return;
    frame.scrollLeft -= event.movementX;
    frame.scrollTop -= event.movementY;
  });
}

const isTyping = (element) =>
  element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
  (element.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(element.type));

const go = (element) => {
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.focus();
};
// A form is opened, and never sent.
const choose = (outcome) => {
  const radio = document.querySelector(`#verdict [name="outcome"][value="${outcome}"]:not(:disabled)`);
  if (radio) radio.checked = true;
  go(radio);
};
const size = (value) => {
  const radio = document.querySelector(`.zoom [value="${value}"]`);
  if (radio) radio.checked = true;
};
const turn = () => {
  const frame = document.activeElement.closest(".frame") || leading || all[0];
  const button = frame && frame.closest(".shot").querySelector(".turn");
  if (button) button.click();
};
const move = (across, down) => {
  const frame = leading || frames[0];
  if (!frame) return;
  leading = frame;
  frame.scrollBy(across * frame.clientWidth / 4, down * frame.clientHeight / 4);
};
const list = () => {
  const keys = document.getElementById("keys");
  keys.open = !keys.open;
  if (keys.open) go(keys.querySelector("summary"));
};
const keys = {
  n: () => { const link = document.querySelector('a[data-key="n"]'); if (link) link.click(); },
  c: () => go(document.querySelector('button[data-key="c"]')),
  a: () => choose("approve"),
  k: () => choose("ask_again"),
  x: () => choose("reject"),
  "?": list,
  1: () => size(1),
  2: () => size(2),
  4: () => size(4),
  r: turn,
};
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

if (script.hasAttribute("data-keys")) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return;
    // Arrows choose among radio buttons, and scroll the page where nothing is enlarged.
    const enlarged = document.querySelector(".zoom :is([value=\"2\"], [value=\"4\"]):checked");
    if (arrows[event.key] && enlarged && event.target.tagName !== "INPUT") {
      event.preventDefault();
      move(...arrows[event.key]);
    } else if (Object.hasOwn(keys, event.key) && !event.repeat) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}
