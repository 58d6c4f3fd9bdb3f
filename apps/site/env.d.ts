declare module '*?raw' {
  const text: string;
  export default text;
}

declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}

declare module '*.css';

declare module '*?worker&inline' {
  const Made: new () => Worker;
  export default Made;
}
