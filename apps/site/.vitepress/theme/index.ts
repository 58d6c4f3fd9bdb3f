import { useRoute, type Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineAsyncComponent, defineComponent, h, nextTick, onMounted, watch } from 'vue';
import './style.css';

/** The default layout, whose front page has no landmark of its own. */
const Layout = defineComponent(() => {
  const mark = (): void => {
    document.querySelector('#VPContent.is-home')?.setAttribute('role', 'main');
  };
  const route = useRoute();
  onMounted(mark);
  watch(
    () => route.path,
    () => void nextTick(mark),
  );
  return () => h(DefaultTheme.Layout);
});

/** The default theme, and the playground, whose editor is loaded only where there is one. */
export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component(
      'Playground',
      defineAsyncComponent(() => import('./Playground.vue')),
    );
  },
} satisfies Theme;
