// What the bundler takes in that is no TypeScript.
declare module '*.css';
declare module '*?url' {
  const address: string;
  export default address;
}
