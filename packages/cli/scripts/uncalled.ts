/** Stands in the build for what node-vault asks for and then never calls. */
export default {
  create() {
    throw new Error('this is not part of the build');
  },
};
