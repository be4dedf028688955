/** Every message of errors that hold other errors, once each. */
export function messages(...errors) {
  const found = new Set();
  const walk = (error, depth = 0) => {
    if(!error || depth > 5) {
      return;
    }
    if(typeof error === 'string') {
      found.add(error);
      return;
    }
    const details = error.details?.event ?? error.details;
    const why = details ? ` ${JSON.stringify({code: details.code, ...details.details})}` : '';
    found.add(`${error.name ?? 'Error'}: ${error.message}${why}`);
    for(const inner of [error.errors, error.cause].flat()) {
      walk(inner, depth + 1);
    }
  };
  for(const error of errors.flat()) {
    walk(error);
  }
  return [...found];
}
