export interface ProblemWords {
  readonly title: string;
  readonly whatToDo: string;
}

/** Why the identity provider's answer led to no session; the codes are the server's. */
const words: Readonly<Record<string, ProblemWords>> = {
  ProviderUnreachable: {
    title: "The identity provider does not answer.",
    whatToDo: "Try again in a moment. If it stays so, tell whoever runs the console.",
  },
  ProviderRefused: {
    title: "The identity provider did not sign you in.",
    whatToDo: "It was given up there, or you may not use this console. Try again, or ask whoever runs the provider.",
  },
  SignInExpired: {
    title: "This sign-in took too long or was started in another window.",
    whatToDo: "Start it again here.",
  },
  AnswerNotAccepted: {
    title: "The identity provider's answer could not be accepted.",
    whatToDo: "Try again. If it happens again, whoever runs the console finds the reason in its log.",
  },
  NoRole: {
    title: "You may not use this console yet.",
    whatToDo: "You are in none of the groups that may. Ask a security admin which group you need, then sign in again.",
  },
  AccountDisabled: {
    title: "Your access to this console has been switched off.",
    whatToDo: "Ask a security admin.",
  },
  OtherPerson: {
    title: "Somebody else signed in at the identity provider.",
    whatToDo: "Only the person who is signed in here can confirm. Sign out at the provider and try again.",
  },
};

/** The words for a code of the address, or null. */
export function problemWords(code: string | null): ProblemWords | null {
  return code !== null && Object.hasOwn(words, code) ? (words[code] ?? null) : null;
}
