// One spelling for texts that are compared, as cpts_net/folding.py makes it; the two are tested together.
"use strict";

const folding = {
  LETTERS: { œ: "oe", æ: "ae", ø: "o", ł: "l", đ: "d", ß: "ss", ς: "σ" },
  TITLES: new Set(["dr", "docteur", "docteure", "pr", "professeur", "m", "mr", "mme", "mlle", "monsieur", "madame"]),

  fold(text) {
    const plain = text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    return plain.replace(/[œæøłđßς]/g, (letter) => folding.LETTERS[letter]).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  },

  // The words of a name that somebody looks for; a title is none unless it stands alone.
  words(typed) {
    const words = folding.fold(typed).split(" ");
    const names = words.filter((word) => !folding.TITLES.has(word));
    return names.length ? names : words;
  },
};
