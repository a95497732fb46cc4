/* Styles that a script writes as an attribute are set as properties: the platform's policy lets no attribute style a page. */
"use strict";
(() => {
  const write = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function setAttribute(name, value) {
    if (name === "style" && this.style) this.style.cssText = value;
    else write.call(this, name, value);
  };
})();
