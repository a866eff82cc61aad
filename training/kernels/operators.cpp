#include "operators.h"

#include <torch/library.h>

TORCH_LIBRARY(portrait_kernels, library) {
  library.def("gated_gelu", kernels::gated_gelu);
  library.def("gated_gelu_gradient", kernels::gated_gelu_gradient);
  library.def("column_sums", kernels::column_sums);
  library.def("layer_norm", kernels::layer_norm);
  library.def("layer_norm_gradient", kernels::layer_norm_gradient);
  library.def("group_norm", kernels::group_norm);
  library.def("group_norm_gradient", kernels::group_norm_gradient);
  library.def("linear", kernels::linear);
  library.def("linear_gradient", kernels::linear_gradient);
  library.def("attention", kernels::attention);
  library.def("attention_gradient", kernels::attention_gradient);
}
